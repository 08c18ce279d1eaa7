const placeholder = /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*\}\}|###.+###/s;

/**
 * Tells whether a text holds a place for something that another tool puts in later: Flux and envsubst (`${NAME}`), kustomize
 * (`$(NAME)`), Helm within quotes, `###NAME###`. The value is not known, so nothing can be said against it.
 */
export function hasPlaceholder(text: string): boolean {
  return placeholder.test(text);
}

/**
 * Tells whether a name has a word in it that kustomize replacements put something else for, such as `NAMESPACE_PLACEHOLDER`.
 * Capitals with underscores are no part of any DNS name.
 */
export function hasPlaceholderInName(name: string): boolean {
  return hasPlaceholder(name) || /(?:^|[.-])[A-Z][A-Z0-9]*_[A-Z0-9_]+(?=$|[.-])/.test(name);
}
