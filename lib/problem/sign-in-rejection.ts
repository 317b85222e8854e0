import type { Rejection } from '../access/admit.ts'

const WORDS: Readonly<Record<Rejection | 'OAuthSignin', (provider: string) => string>> = {
  OAuthSignin: (provider) => `${provider} didn’t respond. Try again in a moment.`,
  NameTaken: () =>
    'Your user name already belongs to someone else here. Ask an administrator to rename one of the two.',
  NoName: (provider) =>
    `${provider} didn’t send a user name that Lading can use. Ask an administrator to check OIDC_USERNAME_CLAIM.`,
  TooManyGroups: (provider) =>
    `${provider} sent too many groups. Ask an administrator to limit the groups it sends to Lading.`,
  UnverifiedEmail: (provider) => `${provider} hasn’t verified your email address. Verify it there, then sign in again.`,
  Unavailable: () => 'The database isn’t available, so nobody can sign in this way. Try again later.',
}

/** What the sign-in page says after the provider, or Lading, turned somebody away. */
export function signInRejection(code: string, provider: string): string {
  const words = Object.hasOwn(WORDS, code) ? WORDS[code as keyof typeof WORDS] : undefined
  return words?.(provider) ?? `The answer from ${provider} couldn’t be verified, or access was denied. Try again.`
}
