import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import type { ConfigView, ManifestView } from '@/lib/data/manifest/manifest-view'
import { runDefaults } from '@/lib/format/run-defaults'
import { FactList, FactRow, NotSet } from './fact-list'

/** What an image runs, and how. */
export function RunFacts({ config, manifest }: { config: ConfigView; manifest: ManifestView }) {
  const defaults = runDefaults(config.platform)
  return (
    <FactList title="How it runs" note={config.platform}>
      <FactRow label="Entrypoint">
        <Command words={config.entrypoint} />
      </FactRow>
      <FactRow label="Command">
        <Command words={config.cmd} />
      </FactRow>
      {config.shell && (
        <FactRow label="Shell">
          <Command words={config.shell} />
        </FactRow>
      )}
      <FactRow label="User">
        {config.user ? <SafeText text={config.user} className="mono" /> : <Default value={defaults.user} />}
      </FactRow>
      <FactRow label="Directory">
        {config.workingDir ? (
          <SafeText text={config.workingDir} className="mono" />
        ) : (
          <Default value={defaults.directory} />
        )}
      </FactRow>
      <FactRow label="Ports">
        <Chips items={config.exposedPorts} />
      </FactRow>
      <FactRow label="Volumes">
        <Chips items={config.volumes} />
      </FactRow>
      <FactRow label="Stop signal">
        {config.stopSignal ? (
          <SafeText text={config.stopSignal} className="mono" />
        ) : (
          <Default value={defaults.stopSignal} />
        )}
      </FactRow>
      {config.healthcheck && (
        <FactRow label="Health check">
          <SafeText text={config.healthcheck} className="mono" />
        </FactRow>
      )}
      {config.onBuild.length > 0 && (
        <FactRow label="On build">
          <Chips items={config.onBuild} />
        </FactRow>
      )}
      {config.osVersion && (
        <FactRow label="OS version">
          <SafeText text={config.osVersion} />
        </FactRow>
      )}
      {manifest.imageId && (
        <FactRow label="Image ID">
          <Digest digest={manifest.imageId} />{' '}
          <span className="text-muted">
            {manifest.kind === 'schema1' ? 'ID of the last v1 image' : 'digest of the config'}
          </span>
        </FactRow>
      )}
    </FactList>
  )
}

function Default({ value }: { value?: string }) {
  return value === undefined ? <NotSet /> : <NotSet>{value}, the default</NotSet>
}

/** More of one kind is no help on an overview; the raw config has them all. */
const SHOWN = 100
/** Characters of each. */
const CHIP = 1_000

/** The words of an exec form, each set apart: `sh -c "a b"` has three. */
function Command({ words }: { words?: readonly string[] }) {
  if (!words || words.length === 0) return <NotSet />
  return (
    <span className="flex flex-wrap gap-1">
      {words.slice(0, SHOWN).map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words repeat, and their place is what they are
        <Chip key={index}>{word || '""'}</Chip>
      ))}
      <More count={words.length - SHOWN} />
    </span>
  )
}

function Chips({ items }: { items: readonly string[] }) {
  if (items.length === 0) return <NotSet>none</NotSet>
  return (
    <span className="flex flex-wrap gap-1">
      {items.slice(0, SHOWN).map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and an item can be of any length
        <Chip key={index}>{item}</Chip>
      ))}
      <More count={items.length - SHOWN} />
    </span>
  )
}

function Chip({ children }: { children: string }) {
  return (
    <bdi className="mono rounded bg-sunken px-1.5 py-px [overflow-wrap:anywhere]">
      <SafeText text={children} longest={CHIP} />
    </bdi>
  )
}

function More({ count }: { count: number }) {
  return count > 0 && <span className="text-muted">and {count} more</span>
}
