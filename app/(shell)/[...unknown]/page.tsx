import { notFound } from 'next/navigation'

/** Any address that no other route has: the not-found page inside the frame. */
export default function UnknownPage() {
  notFound()
}
