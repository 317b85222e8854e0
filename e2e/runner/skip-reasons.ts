import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with the tests that were skipped, by reason. */
export default class SkipReasons implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')])
    const byReason = Map.groupBy(skipped, (test) => {
      const { state, note } = { note: undefined, ...test.result() }
      return (state === 'skipped' && note) || 'no reason given'
    })
    for (const [reason, tests] of byReason) {
      console.log(`\nSkipped: ${reason}`)
      for (const test of tests) console.log(`  ${test.module.relativeModuleId} › ${test.fullName}`)
    }
  }
}
