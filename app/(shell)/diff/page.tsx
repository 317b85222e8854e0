import type { Metadata } from 'next'
import { DiffPicker } from '@/components/diff/diff-picker'
import { DiffResult } from '@/components/diff/diff-result'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { attempt } from '@/lib/data/attempt'
import type { Problem } from '@/lib/data/problem'
import { readDiff } from '@/lib/data/read-diff'
import { visitor } from '@/lib/data/visitor'
import { loadDiffParams, parseDiffSide } from '@/lib/routes/diff-page'
import { diffHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Compare' }

export default async function ComparePage({ searchParams }: PageProps<'/diff'>) {
  const { a, b, platform, view } = await loadDiffParams(searchParams)
  const actor = await visitor(diffHref(a ?? undefined, b ?? undefined))
  const sideA = parseDiffSide(a ?? '')
  const sideB = parseDiffSide(b ?? '')
  const diff = sideA && sideB ? await attempt(() => readDiff(actor, sideA, sideB, platform ?? undefined)) : undefined
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">Compare</h1>
      <DiffPicker key={`${a} ${b}`} a={a ?? ''} b={b ?? ''} />
      {[a, b].map(
        (text) =>
          text && !parseDiffSide(text) && <ProblemNotice key={text} problem={unreadable(text)} className="mb-4" />,
      )}
      {diff && !diff.ok && <ProblemNotice problem={diff.problem} />}
      {diff?.ok && <DiffResult page={diff.value} view={view} />}
      {!diff && (
        <p className="text-sm text-muted">
          Choose two tags or digests, of one repository or of two, on one registry or on two. The address of this page
          then shows the comparison to whomever you send it to.
        </p>
      )}
    </>
  )
}

function unreadable(text: string): Problem {
  return {
    code: 'format.reference',
    title: 'This side cannot be read',
    detail: `“${text.slice(0, 300)}” names no image.`,
    advice: 'Expected a registry, a repository and a tag or digest, as hub/team/app:1.0 or hub/team/app@sha256:….',
  }
}
