import type { Metadata } from 'next'
import { PendingRows } from '@/app/(shell)/pending-screen'
import { Streamed } from '@/app/(shell)/streamed'
import type { PageProps } from '@/app/page-props'
import { DiffPicker } from '@/components/diff/diff-picker'
import { DiffResult } from '@/components/diff/diff-result'
import { type SideInput, SideProblems } from '@/components/diff/side-problems'
import { RetryButton } from '@/components/registry/retry-button'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { Actor } from '@/lib/access/actor'
import { DECIDED_WITHIN, READ_WITHIN } from '@/lib/data/deadline'
import { type DiffPage, readDiff, readSideProblem } from '@/lib/data/manifest/read-diff'
import { readPackageDiff } from '@/lib/data/manifest/read-package-diff'
import { visibleRegistries } from '@/lib/data/registries/registries'
import { visitor } from '@/lib/data/visitor'
import { barePlace } from '@/lib/oci/place'
import { type Attempt, attempt } from '@/lib/problem/attempt'
import { completeDiffSide, type DiffSideReference, parseDiffSide } from '@/lib/routes/diff-side'
import { sideOf } from '@/lib/routes/href'
import { loadDiffParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Compare' }

export default async function ComparePage({ searchParams }: PageProps) {
  const { a, b, platform, view, ...pages } = await loadDiffParams(searchParams)
  const actor = await visitor()
  const registries = visibleRegistries(actor).map(({ name }) => name)
  const typed = [parseDiffSide(a ?? ''), parseDiffSide(b ?? '')] as const
  const known = typed.map((side) => (side && registries.includes(side.registry) ? side : undefined))
  const sides = [
    { label: 'Before', text: a ?? '', side: completeDiffSide(a ?? '', { registries, other: known[1] }) },
    { label: 'After', text: b ?? '', side: completeDiffSide(b ?? '', { registries, other: known[0] }) },
  ] as const
  const [{ side: before }, { side: after }] = sides
  const comparison = compare(actor, sides, { platform: platform ?? undefined, platforms: pages.platforms })
  return (
    <>
      <PageHead title="Compare" />
      <DiffPicker key={`${a} ${b}`} a={written(before, a)} b={written(after, b)} />
      <Streamed reading={comparison} fallback={<PendingRows />} within={DECIDED_WITHIN + READ_WITHIN}>
        {({ diff, problems }) => {
          const isReported = problems.some(({ text, isValid, problem }) => problem || (text !== '' && !isValid))
          if (isReported) return <SideProblems sides={problems} />
          if (diff?.ok)
            return (
              <DiffResult
                page={diff.value}
                state={{ view, pages }}
                packages={readPackageDiff(actor, diff.value).catch(() => undefined)}
              />
            )
          if (diff && before)
            return (
              <>
                <ProblemNotice problem={diff.problem} />
                <RetryButton {...barePlace(before)} />
              </>
            )
          return (
            <p className="text-sm text-muted">
              Choose two tags or digests, from the same or different repositories and registries. Share the page’s
              address to show someone the comparison.
            </p>
          )
        }}
      </Streamed>
    </>
  )
}

interface Side {
  label: SideInput['label']
  /** As in the address. */
  text: string
  side: DiffSideReference | undefined
}

/** The differences, or else each side's problem, because a failed comparison doesn't say which side it was. */
async function compare(
  actor: Actor,
  sides: readonly [Side, Side],
  { platform, platforms }: { platform: string | undefined; platforms: number },
): Promise<{ diff: Attempt<DiffPage> | undefined; problems: readonly SideInput[] }> {
  const [{ side: before }, { side: after }] = sides
  const diff = before && after && (await attempt(() => readDiff(actor, before, after, platform, platforms), actor))
  if (diff?.ok) return { diff, problems: [] }
  const problems = await Promise.all(
    sides.map(async ({ label, text, side }) => {
      const problem = side && (await readSideProblem(actor, side))
      return { label, text, isValid: side !== undefined, ...(problem && { problem, place: barePlace(side) }) }
    }),
  )
  return { diff, problems }
}

/** In full if it could be read, so that the screen shows what is compared. */
function written(side: DiffSideReference | undefined, text: string | null): string {
  return side ? sideOf(side, side.selector) : (text ?? '')
}
