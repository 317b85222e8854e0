import type { Problem } from './problem.ts'

/** Said in the browser, where no answer of the server came. */
export const SERVER_UNREACHABLE: Problem = {
  code: 'client',
  title: 'Can’t reach Lading',
  detail: 'The request didn’t get through, or this page is older than the server.',
  advice: 'Reload the page and check what’s there now before you try again.',
}

export const UPLOAD_INTERRUPTED: Problem = {
  code: 'client',
  title: 'The upload was interrupted',
  detail: 'The connection ended before the whole archive was sent. Nothing was tagged.',
  advice: 'Try again. A proxy in front of Lading may limit the size or duration of uploads.',
}
