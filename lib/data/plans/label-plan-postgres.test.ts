import { labelPlanSuite } from './testing/label-plan-suite.ts'

labelPlanSuite('PostgreSQL')
