import { overlappingSuite } from './testing/overlapping-suite.ts'

overlappingSuite('SQLite')
