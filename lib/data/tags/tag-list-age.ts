/** A list that takes hundreds of requests, or never ends, isn't read again at each view: ten a second are enough. */
export const FRESH_PER_PAGE = 100

/** How old a repository's list of tags may be, and how long a request waits for a newer one, in milliseconds. */
export const TAG_LIST_AGE = {
  /** For a page of tags: it shows what's known rather than wait. */
  page: { freshFor: 5_000, freshPerPage: FRESH_PER_PAGE, patience: 1_500 },
  /** For a decision about all tags, such as a plan: the list has to be complete. */
  decision: { freshFor: 5_000, patience: 30_000 },
  /** For hints beside other content, such as neighbours of a tag. */
  hint: { freshFor: 60_000, freshPerPage: FRESH_PER_PAGE, patience: 1_500 },
} as const
