import { z } from 'zod'
import { seal, unseal } from '../sessions/seal.ts'

/** What the provider gave Lading at a sign-in, to be asked again. */
export interface ProviderTokens {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  /** Milliseconds since the epoch; absent where the provider doesn't say. */
  readonly expiresAt?: number | undefined
}

const schema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.number().optional(),
})

const PURPOSE = 'tokens of the provider'

export function sealTokens(tokens: ProviderTokens): string | undefined {
  const secret = process.env.NEXTAUTH_SECRET
  return secret ? seal(JSON.stringify(tokens), secret, PURPOSE) : undefined
}

export function unsealTokens(sealed: string): ProviderTokens | undefined {
  const text = unseal(sealed, process.env.NEXTAUTH_SECRET ?? '', PURPOSE)
  return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data
}
