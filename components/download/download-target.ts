/** What of a manifest can be downloaded. */
export interface DownloadTarget {
  readonly registry: string
  readonly repository: string
  readonly selector: string
  /** Of an index: the platform that the page is about. */
  readonly platform?: string
  readonly isIndex: boolean
  /** Has a file system: can be saved for `docker load` and flattened. */
  readonly isImage: boolean
  /** Schema 1 can be flattened, but no archive holds it. */
  readonly isSchema1: boolean
}
