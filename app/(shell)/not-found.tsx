import { PackageX } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { homeHref } from '@/lib/routes/href'

export default function NotFound() {
  return (
    <div className="py-6">
      <h1 className="sr-only">Not found</h1>
      <Empty icon={PackageX} title="There is nothing here, or you may not see it">
        It may have been deleted or renamed, or the address is mistyped. Registries give the same answer to what is
        absent and to what is not for you.
        <br />
        <Link href={homeHref} className="mt-3 inline-block font-medium text-accent underline-offset-2 hover:underline">
          To the registries
        </Link>
      </Empty>
    </div>
  )
}
