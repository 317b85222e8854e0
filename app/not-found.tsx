import NotFound from './(shell)/not-found'

/** For addresses that aren't a route at all, where there is no frame around the page. */
export default function UnknownRoute() {
  return (
    <main className="mx-auto max-w-2xl px-4 py-16">
      <NotFound />
    </main>
  )
}
