import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What on the page breaks WCAG 2.2 AA, or else the rules that `ask` chooses. */
export async function violations(
  page: Page,
  ask: (builder: AxeBuilder) => AxeBuilder = (axe) => axe.withTags(STANDARDS),
): Promise<string[]> {
  // Pages have no frames: the older mode needs no window of its own for every answer. The menu’s guards are reached by
  // Tab for an instant, and hand the focus on: they are no content.
  const builder = new AxeBuilder({ page }).setLegacyMode().exclude('[data-base-ui-focus-guard]')
  const { violations } = await ask(builder).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`))
}
