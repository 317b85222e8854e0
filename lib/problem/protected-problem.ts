import type { ProtectedError } from '../access/protected-error.ts'
import type { Problem } from './problem.ts'

/** The code of a problem that goes away with a reason. */
export const OVERRIDABLE = 'access.protected-overridable'

/** What of a protected tag a person has to know. */
export type Protection = Pick<ProtectedError, 'tag' | 'rule' | 'mayOverride'>

export function protectedProblem({ tag, rule, mayOverride }: Protection): Problem {
  return {
    code: mayOverride ? OVERRIDABLE : 'access.protected',
    title: `${tag} is protected`,
    detail: `The rule “${rule}” doesn’t let anyone move or delete this tag.`,
    advice: mayOverride
      ? 'As an admin you can override the rule: give a reason, which goes into the audit log.'
      : 'Ask an administrator to change the rule, or to make this change with a reason.',
  }
}
