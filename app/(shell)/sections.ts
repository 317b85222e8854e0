import type { Section } from '@/components/shell/sections'
import type { Actor } from '@/lib/access/actor'
import { auditScopeOf } from '@/lib/data/audit/audit-scope'
import { auditHref } from '@/lib/routes/href'

/** What the header links to, in order: only what the actor may open. */
export function sectionsFor(actor: Actor): Section[] {
  return [...(auditScopeOf(actor) ? [{ name: 'Audit', href: auditHref() }] : [])]
}
