import { Tags } from 'lucide-react'
import { nothingKnown } from '@/components/search/nothing-known'
import { Breakable } from '@/components/ui/breakable'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import type { MatrixPage } from '@/lib/data/labels/read-labels'
import type { CatalogAge } from '@/lib/data/search/read-catalog-ages'
import { quotedText } from '@/lib/filter/quoted-text'
import { formatCount } from '@/lib/format/bytes'
import { visibleText } from '@/lib/format/visible-text'
import type { Place } from '@/lib/oci/place'
import { manifestHref, repositoryHref, searchHref } from '@/lib/routes/href'
import { labelsHref } from '@/lib/routes/labels-href'
import type { LabelsPageState } from '@/lib/routes/labels-page-query'
import { LabelCell, NotRead } from './label-cell'
import { shortKey } from './short-key'

/** Repositories that have not been read are named up to here. */
const UNREAD_SHOWN = 20

interface LabelMatrixProps {
  matrix: MatrixPage
  ages: readonly CatalogAge[]
  state: LabelsPageState
}

/** Tags against keys. The names stay in view while the values scroll. */
export function LabelMatrix({ matrix, ages, state }: LabelMatrixProps) {
  const { keys, rows, totals } = matrix
  const unread = totals?.unread.slice(0, UNREAD_SHOWN) ?? []
  if (rows.length + unread.length === 0)
    return (
      <Empty icon={Tags} title={state.q ? 'No tag matches' : 'No labels yet'}>
        {state.q ? 'Remove a term from the query.' : nothingKnown(ages)}
      </Empty>
    )
  return (
    <Panel>
      <table className="label-matrix">
        <caption className="sr-only">Labels of tags</caption>
        <thead>
          <tr>
            <th scope="col">{state.within ? 'Tag' : totals ? 'Repository' : 'Repository and tag'}</th>
            {keys.map((key, index) => (
              <th key={key} scope="col">
                <Link
                  href={labelsHref({ ...state, key })}
                  title={`Values of ${visibleText(key)}`}
                  aria-label={visibleText(key)}
                >
                  <Breakable text={shortKey(visibleText(key))} />
                </Link>
                {totals && (
                  <Coverage
                    of={key}
                    missing={totals.missing[index] ?? 0}
                    invalid={totals.invalid?.[index] ?? 0}
                    rows={totals.rows}
                    state={state}
                  />
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody data-results="">
          {rows.map(({ tag: { tag, ...place }, cells }) => (
            <tr key={`${place.registry}/${place.repository}:${tag}`}>
              <th scope="row">
                {state.within ? (
                  <Link href={manifestHref(place, tag)}>{tag}</Link>
                ) : (
                  <>
                    <RepositoryName place={place} />
                    <small>
                      <Link href={manifestHref(place, tag)}>{tag}</Link>
                    </small>
                  </>
                )}
              </th>
              {cells.map((cell, index) => (
                <td key={keys[index]} data-state={cell.state}>
                  <LabelCell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
          {unread.map(({ registry, name }) => (
            <tr key={`${registry}/${name}`}>
              <th scope="row">
                <RepositoryName place={{ registry, repository: name }} />
              </th>
              {keys.map((key) => (
                <td key={key}>
                  <NotRead />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function RepositoryName({ place }: { place: Place }) {
  const { registry, repository } = place
  const slash = repository.lastIndexOf('/') + 1
  return (
    <Link href={repositoryHref(place)}>
      <span className="text-muted">
        <Breakable text={`${registry}/${repository.slice(0, slash)}`} />
      </span>
      <wbr />
      <Breakable text={repository.slice(slash)} />
    </Link>
  )
}

interface CoverageProps {
  of: string
  missing: number
  invalid: number
  rows: number
  state: LabelsPageState
}

function Coverage({ of: key, missing, invalid, rows, state }: CoverageProps) {
  return (
    <span className="mt-1 block font-normal">
      <span aria-hidden className="mb-1 block h-1 rounded-full bg-warn-line">
        <span
          className="block h-1 rounded-full bg-accent"
          style={{ width: `${rows === 0 ? 0 : ((rows - missing) / rows) * 100}%` }}
        />
      </span>
      {missing === 0 ? (
        <span className="text-muted">none missing</span>
      ) : (
        <Link
          href={searchHref({ q: `${state.q} -label:${quotedText(key)}`.trim() })}
          title="All tags without it"
          className="text-warn underline-offset-2 hover:underline"
        >
          {formatCount(missing)} missing
        </Link>
      )}
      {invalid > 0 && <span className="block text-danger">{formatCount(invalid)} invalid</span>}
    </span>
  )
}
