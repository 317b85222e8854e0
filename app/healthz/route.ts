/** The process runs and answers. */
export function GET(): Response {
  return new Response('ok\n')
}

export const dynamic = 'force-dynamic'
