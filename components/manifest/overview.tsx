import { Badge } from '@/components/ui/badge'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Time } from '@/components/ui/time'
import type { ConfigView, ManifestView } from '@/lib/data/manifest/manifest-view'
import { formatAbsolute } from '@/lib/format/time'
import { LayerTable } from './layer-table'
import { Schema1Signatures } from './schema1-signatures'

interface OverviewProps {
  manifest: ManifestView
  registry: string
  repository: string
}

/** What an image runs and how; for other artifacts, what they consist of. */
export function Overview(props: OverviewProps) {
  const { signatures } = props.manifest
  if (!signatures) return <Content {...props} />
  return (
    <div className="space-y-4">
      <Content {...props} />
      <Schema1Signatures verification={signatures} />
    </div>
  )
}

function Content({ manifest, registry, repository }: OverviewProps) {
  if (manifest.configProblem)
    return (
      <div className="space-y-4">
        <ProblemNotice problem={manifest.configProblem} />
        <p className="text-sm text-muted">
          The manifest itself is readable: see its layers and raw JSON under the other tabs.
        </p>
      </div>
    )
  if (manifest.config) return <Config config={manifest.config} manifest={manifest} />
  if (manifest.kind === 'unknown')
    return (
      <Notice title="Lading doesn’t know this kind of document">
        Its media type is {manifest.mediaType || 'not set'}. The Raw JSON tab shows it as it is.
      </Notice>
    )
  return (
    <div className="space-y-4">
      <dl className="rounded-xl border bg-surface px-4 py-1 shadow-xs">
        <Row label="Artifact">{manifest.artifact.title}</Row>
        <Row label="Media type">
          <span className="mono break-all">{manifest.mediaType}</span>
        </Row>
        {manifest.configDescriptor && (
          <Row label="Config">
            <span className="mono mr-3 break-all">{manifest.configDescriptor.mediaType}</span>
            <Digest digest={manifest.configDescriptor.digest} />{' '}
            {manifest.configDescriptor.size !== undefined && (
              <Bytes bytes={manifest.configDescriptor.size} className="ml-2 text-muted" />
            )}
          </Row>
        )}
        {manifest.annotations.map(([key, value]) => (
          <Row key={key} label={<bdi className="mono break-all">{key}</bdi>}>
            <bdi className="break-words">{value}</bdi>
          </Row>
        ))}
      </dl>
      {manifest.steps.length > 0 && <LayerTable manifest={manifest} registry={registry} repository={repository} />}
    </div>
  )
}

function Config({ config, manifest }: { config: ConfigView; manifest: ManifestView }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <dl className="rounded-xl border bg-surface px-4 py-1 shadow-xs">
        <Row label="Entrypoint">
          <Command words={config.entrypoint} />
        </Row>
        <Row label="Cmd">
          <Command words={config.cmd} />
        </Row>
        {config.shell && (
          <Row label="Shell">
            <Command words={config.shell} />
          </Row>
        )}
        <Row label="User">
          {config.user ? <bdi className="mono">{config.user}</bdi> : <span className="text-muted">not set: root</span>}
        </Row>
        <Row label="Working directory">
          <bdi className="mono">{config.workingDir ?? '/'}</bdi>
        </Row>
        <Row label="Ports">
          <List items={config.exposedPorts} />
        </Row>
        <Row label="Volumes">
          <List items={config.volumes} />
        </Row>
        <Row label="Stop signal">
          {config.stopSignal ? (
            <bdi className="mono">{config.stopSignal}</bdi>
          ) : (
            <span className="text-muted">not set: SIGTERM</span>
          )}
        </Row>
        {config.healthcheck && (
          <Row label="Health check">
            <bdi className="mono break-words">{config.healthcheck}</bdi>
          </Row>
        )}
        {config.onBuild.length > 0 && (
          <Row label="On build">
            <List items={config.onBuild} />
          </Row>
        )}
        <Row label="Platform">
          {config.platform}
          {config.osVersion && <span className="text-muted"> {config.osVersion}</span>}
        </Row>
        {config.created && (
          <Row label="Created">
            <Time iso={config.created} /> <span className="text-muted">({formatAbsolute(config.created)})</span>
          </Row>
        )}
        {config.author && (
          <Row label="Author">
            <bdi>{config.author}</bdi>
          </Row>
        )}
        {manifest.imageId && (
          <Row label="Image ID">
            <Digest digest={manifest.imageId} />{' '}
            <span className="text-muted">
              {manifest.kind === 'schema1' ? 'ID of the last v1 image' : 'digest of the config'}
            </span>
          </Row>
        )}
      </dl>
      <section aria-labelledby="env" className="overflow-hidden rounded-xl border bg-surface shadow-xs">
        <h3 id="env" className="border-b px-4 py-2 text-sm font-medium">
          Environment <span className="font-normal text-muted tabular">{config.env.length}</span>
        </h3>
        {config.env.length === 0 ? (
          <p className="px-4 py-3 text-sm text-muted">No variables set.</p>
        ) : (
          <dl className="px-4 py-1">
            {config.env.map(({ name, value }) => (
              <Row key={name} label={<bdi className="mono break-all">{name}</bdi>}>
                <bdi className="mono break-all">{value}</bdi>
              </Row>
            ))}
          </dl>
        )}
      </section>
    </div>
  )
}

function Row({ label, children }: { label: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(7rem,30%)_1fr] gap-x-4 border-b py-2 text-sm last:border-0">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  )
}

/** The words of an exec form, each set apart: `sh -c "a b"` has three. */
function Command({ words }: { words?: readonly string[] }) {
  if (!words || words.length === 0) return <span className="text-muted">not set</span>
  return (
    <span className="flex flex-wrap gap-1">
      {words.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words repeat, and their place is what they are
        <bdi key={index} className="mono rounded bg-sunken px-1.5 py-px break-all whitespace-pre-wrap">
          {word || '""'}
        </bdi>
      ))}
    </span>
  )
}

function List({ items }: { items: readonly string[] }) {
  if (items.length === 0) return <span className="text-muted">none</span>
  return (
    <span className="flex flex-wrap gap-1">
      {items.map((item) => (
        <Badge key={item}>
          <bdi className="mono">{item}</bdi>
        </Badge>
      ))}
    </span>
  )
}
