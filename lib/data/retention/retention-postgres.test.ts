import { retentionSuite } from './testing/retention-suite.ts'

retentionSuite('PostgreSQL')
