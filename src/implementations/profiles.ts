import { type Implementation, implementations } from './deviations.ts';

/**
 * The implementations that a profile is about: `portable` promises what holds for all of them.
 *
 * @returns none for `istio`: what istiod does is what a conversion is proven against
 */
export function implementationsOf(profile: 'portable' | Implementation): readonly Implementation[] {
  if (profile === 'istio') return [];
  if (profile !== 'portable') return [profile];
  return Object.keys(implementations) as Implementation[];
}
