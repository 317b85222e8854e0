import { config } from '../../config/config.ts'
import { clientAddress } from '../connection.ts'
import { type ProviderTokens, sealTokens } from '../sign-in/provider-tokens.ts'
import { recordSession } from './session-rows.ts'

interface Begun {
  readonly id: string
  readonly name: string
  readonly began: number
}

/** Adds a new session to the list, with its address and browser. */
export async function listSession(
  { id, name, began }: Begun,
  headers: Headers,
  way: string,
  tokens?: ProviderTokens,
): Promise<void> {
  const { trustedProxies, session } = config()
  const providerTokens = tokens && sealTokens(tokens)
  await recordSession(
    {
      id,
      username: name,
      beganAt: began,
      seenAt: began,
      address: clientAddress(headers, trustedProxies),
      browser: headers.get('user-agent') ?? '',
      way,
      ...(providerTokens !== undefined && { providerTokens }),
    },
    session.lifetime,
  )
}
