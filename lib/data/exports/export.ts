import type { ExportRow } from './export-text.ts'

/** A result in full, read as it is sent. */
export interface Export {
  /** What the file is called, without its ending. */
  readonly name: string
  readonly columns: readonly string[]
  readonly pages: AsyncIterable<readonly ExportRow[]>
}
