import { untaggedPlanSuite } from './testing/untagged-plan-suite.ts'

untaggedPlanSuite('PostgreSQL')
