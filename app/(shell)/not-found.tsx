import { PackageX } from 'lucide-react'
import { NearbyPlaces, SoughtPlace } from '@/components/registry/sought-place'
import { Empty } from '@/components/ui/empty'

export default function NotFound() {
  return (
    <>
      <SoughtPlace />
      <Empty icon={PackageX} title="There is nothing here, or you may not see it">
        It may have been deleted or renamed, or the address is mistyped. Registries give the same answer to what is
        absent and to what is not for you.
        <br />
        <NearbyPlaces />
      </Empty>
    </>
  )
}
