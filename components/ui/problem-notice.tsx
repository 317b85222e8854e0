import { needsSignIn } from '@/lib/problem/needs-sign-in'
import type { Problem } from '@/lib/problem/problem'
import { Digest } from './digest'
import { Notice } from './notice'
import { SignInLink } from './sign-in-link'

/** What went wrong, why, and what to do; for a conflict both digests. */
export function ProblemNotice({ problem, role, className }: { problem: Problem; role?: 'alert'; className?: string }) {
  return (
    <Notice tone="danger" title={problem.title} role={role} className={className}>
      <p>{problem.detail}</p>
      {problem.found && [problem.expected, problem.found].some((digest) => digest?.startsWith('sha')) && (
        <dl className="mt-1.5 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
          {problem.expected && <DigestLine label="You were shown" digest={problem.expected} />}
          <DigestLine label="It is now" digest={problem.found} />
        </dl>
      )}
      {problem.advice && <p className="mt-1">{problem.advice}</p>}
      {needsSignIn(problem) && (
        <p className="mt-2">
          <SignInLink />
        </p>
      )}
    </Notice>
  )
}

function DigestLine({ label, digest }: { label: string; digest: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <Digest digest={digest} swatch />
      </dd>
    </>
  )
}
