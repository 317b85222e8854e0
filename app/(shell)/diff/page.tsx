import type { Metadata } from 'next'
import { DiffPicker } from '@/components/diff/diff-picker'
import { DiffResult } from '@/components/diff/diff-result'
import { SideProblems } from '@/components/diff/side-problems'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readDiff, readSideProblem } from '@/lib/data/manifest/read-diff'
import { readPackageDiff } from '@/lib/data/manifest/read-package-diff'
import { visibleRegistries } from '@/lib/data/registries/registries'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { completeDiffSide, type DiffSideReference, loadDiffParams, parseDiffSide } from '@/lib/routes/diff-page'
import { sideOf } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Compare' }

export default async function ComparePage({ searchParams }: PageProps<'/diff'>) {
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
  /** Each side by itself, because a failed comparison doesn't say which side it was. */
  const sideProblems = () =>
    Promise.all(
      sides.map(async ({ label, text, side }) => {
        const problem = side && (await readSideProblem(actor, side))
        return { label, text, isValid: side !== undefined, ...(problem && { problem }) }
      }),
    )
  const diff =
    before && after && (await attempt(() => readDiff(actor, before, after, platform ?? undefined, pages.platforms)))
  const problems = diff?.ok ? [] : await sideProblems()
  const isReported = problems.some(({ text, isValid, problem }) => problem || (text !== '' && !isValid))
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">Compare</h1>
      <DiffPicker key={`${a} ${b}`} a={written(before, a)} b={written(after, b)} />
      {isReported && <SideProblems sides={problems} />}
      {!isReported && diff?.ok === false && <ProblemNotice problem={diff.problem} />}
      {diff?.ok && (
        <DiffResult
          page={diff.value}
          state={{ view, pages }}
          packages={readPackageDiff(actor, diff.value).catch(() => undefined)}
        />
      )}
      {!isReported && !diff && (
        <p className="text-sm text-muted">
          Choose two tags or digests, from the same or different repositories and registries. Share the page’s address
          to show someone the comparison.
        </p>
      )}
    </>
  )
}

/** In full where it could be read, so that what is compared is on the screen. */
function written(side: DiffSideReference | undefined, text: string | null): string {
  return side ? sideOf(side.registry, side.repository, side.selector) : (text ?? '')
}
