/** A page's props. @typeParam Params the bracketed parts of its path */
export interface PageProps<Params = object> {
  readonly params: Promise<Params>
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

export interface LayoutProps {
  readonly children: React.ReactNode
}
