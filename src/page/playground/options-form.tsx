import { CopyButton } from '../parts.tsx';
import { type Chosen, choices, commandOf, portIn } from './choices.ts';

interface Props {
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
}

/** The meaning of each default, and of each choice where its name says too little. */
const words: Readonly<Record<keyof typeof choices, { readonly label: string; readonly any: string }>> = {
  profile: { label: 'Profile', any: 'istio' },
  from: { label: 'From', any: 'labels tell' },
  gatewayApi: { label: 'Gateway API', any: 'CRDs of the input, or 1.6' },
  channel: { label: 'Channel', any: 'standard' },
  prefix: { label: 'Prefix', any: 'path' },
};

/** The options of the conversion, and the command that does the same. */
export function OptionsForm({ chosen, onChange }: Props) {
  const set = (name: string, value: unknown): void => {
    const { [name as keyof Chosen]: _, ...rest } = chosen;
    onChange(value === undefined || value === '' || value === false ? rest : { ...rest, [name]: value });
  };
  return (
    <details class="options">
      <summary>
        Options <code>{commandOf(chosen)}</code>
      </summary>
      <form aria-label="Options" onSubmit={event => event.preventDefault()}>
        {(Object.keys(choices) as (keyof typeof choices)[]).map(name => (
          <label class="choice" key={name}>
            {words[name].label}
            <select value={chosen[name] ?? ''} onChange={event => set(name, event.currentTarget.value)}>
              <option value="">{words[name].any}</option>
              {choices[name]
                .filter(choice => choice !== words[name].any)
                .map(choice => (
                  <option key={choice} value={choice}>
                    {choice}
                  </option>
                ))}
            </select>
          </label>
        ))}
        <label class="choice">
          Default port
          <input
            inputmode="numeric"
            size={6}
            placeholder="none"
            value={chosen.defaultPort ?? ''}
            onChange={event => set('defaultPort', portIn(event.currentTarget.value))}
          />
        </label>
        <label class="choice check">
          <input
            type="checkbox"
            checked={chosen.partial ?? false}
            onChange={event => set('partial', event.currentTarget.checked)}
          />
          Partial
        </label>
        <CopyButton text={commandOf(chosen)} label="Copy command with these options" word="Copy command" />
      </form>
    </details>
  );
}
