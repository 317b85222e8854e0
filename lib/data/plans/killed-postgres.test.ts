import { killedSuite, MOMENTS } from './testing/killed-suite.ts'

// As replicas, which share nothing but the database.
killedSuite('PostgreSQL', MOMENTS.slice(1, 3))
