import { Badge } from '@/components/ui/badge'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { AccessToken, AccessTokenScope } from '@/lib/data/settings/tokens'
import { RevokeToken } from './revoke-token'

const SCOPES: Readonly<Record<AccessTokenScope, string>> = {
  read: 'Reads repositories',
  audit: 'Reads the audit log',
  labels: 'Adds labels',
}

export function TokenList({ tokens, now }: { tokens: readonly AccessToken[]; now: number }) {
  return (
    <ul aria-label="Your tokens" className="divide-y rounded-xl border bg-surface shadow-xs">
      {tokens.map((token) => (
        <li key={token.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1">
            <p className="flex items-center gap-2 text-sm font-medium">
              <span className="truncate">
                <SafeText text={token.name} />
              </span>
              {token.expiresAt <= now && <Badge tone="warn">expired</Badge>}
            </p>
            <p className="text-xs text-muted">
              {token.scopes.map((scope) => SCOPES[scope]).join(' · ')} · created <Time iso={iso(token.createdAt)} /> ·{' '}
              {token.expiresAt <= now ? 'expired' : 'expires'} <Time iso={iso(token.expiresAt)} format="minute" /> ·{' '}
              {token.usedAt === undefined ? (
                'never used'
              ) : (
                <>
                  last used <Time iso={iso(token.usedAt)} />
                </>
              )}
            </p>
          </div>
          <RevokeToken id={token.id} name={token.name} />
        </li>
      ))}
    </ul>
  )
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
