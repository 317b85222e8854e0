import { Fold } from '@/components/ui/fold'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import type { ConfigView } from '@/lib/data/manifest/manifest-view'
import { formatCount } from '@/lib/format/bytes'
import { cutText, isLong } from '@/lib/format/folding'
import { FactList, FactRow } from './fact-list'

/** More than any ordinary image sets; the raw config has them all. */
const SHOWN = 100
const NAME = 1_000

/** @param configHref the raw config */
export function Environment({ env, configHref }: { env: ConfigView['env']; configHref: string | undefined }) {
  return (
    <FactList
      title="Environment"
      note={formatCount(env.length)}
      footer={
        env.length === 0
          ? 'No variables set.'
          : env.length > SHOWN && (
              <>
                and {formatCount(env.length - SHOWN)} more
                {configHref && (
                  <>
                    , in the{' '}
                    <Link href={configHref} className="text-accent underline-offset-2 hover:underline">
                      raw config
                    </Link>
                  </>
                )}
              </>
            )
      }
    >
      {env.slice(0, SHOWN).map(({ name, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name can be set twice
        <FactRow key={index} label={<SafeText text={name} className="mono break-all" longest={NAME} />}>
          <Value value={value} />
        </FactRow>
      ))}
    </FactList>
  )
}

function Value({ value }: { value: string }) {
  const { shown, left } = cutText(value)
  const text = <SafeText text={left > 0 ? `${shown}…` : shown} className="mono" />
  return isLong(shown) ? <Fold>{text}</Fold> : text
}
