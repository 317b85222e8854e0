import { killedSuite, MOMENTS } from './testing/killed-suite.ts'

killedSuite('SQLite', MOMENTS)
