import { Badge } from '@/components/ui/badge'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { ChartView } from '@/lib/data/manifest/read-chart'
import type { Attempt } from '@/lib/problem/attempt'
import { ChartFiles } from './chart-files'
import { FactList, FactRow } from './fact-list'

interface ChartOverviewProps {
  chart: Promise<Attempt<ChartView>>
  hrefOf: (file: string) => string
}

/** What a Helm chart is: Chart.yaml, what it depends on, and its files. */
export async function ChartOverview({ chart, hrefOf }: ChartOverviewProps) {
  const read = await chart
  if (!read.ok) return <ProblemNotice problem={read.problem} />
  const { metadata } = read.value
  return (
    <div className="space-y-4">
      <ChartFacts chart={read.value} />
      {metadata.dependencies.length > 0 && (
        <section aria-labelledby="chart-dependencies">
          <h3 id="chart-dependencies" className="mb-2 text-sm font-medium">
            Dependencies
          </h3>
          <Table
            name="dependencies"
            caption="Dependencies"
            isText
            columns={COLUMNS}
            rows={metadata.dependencies}
            rowKey={(_, row) => row}
          />
        </section>
      )}
      <ChartFiles chart={read.value} hrefOf={hrefOf} />
    </div>
  )
}

function ChartFacts({ chart: { metadata, isSigned } }: { chart: ChartView }) {
  const { name, version, appVersion, type, apiVersion, kubeVersion, home, sources, keywords, maintainers } = metadata
  return (
    <FactList title="Chart">
      <FactRow label="Name">
        <span className="flex flex-wrap items-center gap-2">
          <SafeText text={name ?? ''} className="font-medium" />
          {metadata.isDeprecated && <Badge tone="warn">deprecated</Badge>}
          {isSigned && <Badge tone="outline">signed by a provenance file, not verified here</Badge>}
        </span>
      </FactRow>
      {metadata.description && (
        <FactRow label="Description">
          <SafeText text={metadata.description} />
        </FactRow>
      )}
      <Text label="Chart version" text={version} />
      <Text label="App version" text={appVersion} />
      <Text label="Type" text={type} />
      <Text label="Kubernetes" text={kubeVersion} />
      <Text label="Chart API" text={apiVersion} />
      <Text label="Home" text={home} />
      {sources.length > 0 && (
        <FactRow label={sources.length === 1 ? 'Source' : 'Sources'}>
          <ul>
            {sources.map((source) => (
              <li key={source}>
                <SafeText text={source} linked />
              </li>
            ))}
          </ul>
        </FactRow>
      )}
      {maintainers.length > 0 && (
        <FactRow label="Maintainers">
          <ul>
            {maintainers.map(({ name, email, url }) => (
              <li key={`${name} ${email}`} className="flex flex-wrap gap-x-2">
                <SafeText text={name} />
                {email && <SafeText text={email} className="text-muted" />}
                {url && <SafeText text={url} linked />}
              </li>
            ))}
          </ul>
        </FactRow>
      )}
      {keywords.length > 0 && <Text label="Keywords" text={keywords.join(', ')} />}
      {metadata.annotations.map(([key, value]) => (
        <FactRow key={key} label={<SafeText text={key} />}>
          <SafeText text={value} linked />
        </FactRow>
      ))}
    </FactList>
  )
}

function Text({ label, text }: { label: string; text: string | undefined }) {
  if (text === undefined) return null
  return (
    <FactRow label={label}>
      <SafeText text={text} linked />
    </FactRow>
  )
}

const COLUMNS: readonly Column<ChartView['metadata']['dependencies'][number]>[] = [
  {
    id: 'name',
    role: 'name',
    head: 'Chart',
    cell: ({ name, alias }) => (
      <>
        <SafeText text={name} className="mono" />
        {alias && (
          <span className="text-muted">
            {' '}
            as <SafeText text={alias} className="mono" />
          </span>
        )}
      </>
    ),
  },
  { id: 'version', head: 'Version', cell: ({ version }) => version && <SafeText text={version} className="mono" /> },
  { id: 'repository', head: 'From', cell: ({ repository }) => repository && <SafeText text={repository} linked /> },
  { id: 'condition', head: 'If', cell: ({ condition }) => condition && <SafeText text={condition} className="mono" /> },
]
