import type { Metadata } from 'next'
import { DiffPicker } from '@/components/diff/diff-picker'
import { DiffResult } from '@/components/diff/diff-result'
import { SideProblems } from '@/components/diff/side-problems'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readDiff, readSideProblem } from '@/lib/data/manifest/read-diff'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { loadDiffParams, parseDiffSide } from '@/lib/routes/diff-page'

export const metadata: Metadata = { title: 'Compare' }

export default async function ComparePage({ searchParams }: PageProps<'/diff'>) {
  const { a, b, platform, view } = await loadDiffParams(searchParams)
  const actor = await visitor()
  const sides = [
    { label: 'Before', text: a ?? '', side: parseDiffSide(a ?? '') },
    { label: 'After', text: b ?? '', side: parseDiffSide(b ?? '') },
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
  const diff = before && after && (await attempt(() => readDiff(actor, before, after, platform ?? undefined)))
  const problems = diff?.ok ? [] : await sideProblems()
  const isReported = problems.some(({ text, isValid, problem }) => problem || (text !== '' && !isValid))
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">Compare</h1>
      <DiffPicker key={`${a} ${b}`} a={a ?? ''} b={b ?? ''} />
      {isReported && <SideProblems sides={problems} />}
      {!isReported && diff?.ok === false && <ProblemNotice problem={diff.problem} />}
      {diff?.ok && <DiffResult page={diff.value} view={view} />}
      {!isReported && !diff && (
        <p className="text-sm text-muted">
          Choose two tags or digests, from the same or different repositories and registries. Share the page’s address
          to show someone the comparison.
        </p>
      )}
    </>
  )
}
