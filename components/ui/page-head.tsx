interface PageHeadProps {
  readonly title: React.ReactNode
  /** What the page is about, or how sure its numbers are. */
  readonly about?: React.ReactNode
  /** What one can do here: buttons and links. */
  readonly children?: React.ReactNode
  /** The title is the answer to what was typed: screen readers read it again when it changes. */
  readonly isAnswer?: boolean
}

/** The top of a page: its title, what it is about, and its actions beside them, or below where there is little room. */
export function PageHead({ title, about, children, isAnswer }: PageHeadProps) {
  return (
    <header className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-80">
        <h1 className="text-xl font-semibold tracking-tight" aria-live={isAnswer ? 'polite' : undefined}>
          {title}
        </h1>
        {about && <div className="mt-1 max-w-4xl space-y-1 text-sm text-muted">{about}</div>}
      </div>
      <div className="flex flex-wrap gap-2 empty:hidden">{children}</div>
    </header>
  )
}
