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
  /** No OCI archive holds schema 1; `docker save` has another form of it. */
  readonly isSchema1: boolean
}
