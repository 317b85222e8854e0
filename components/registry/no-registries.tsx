import { Database } from 'lucide-react'
import { Empty } from '@/components/ui/empty'

export function NoRegistries() {
  return (
    <Empty icon={Database} title="There is no registry here for you to see">
      Nobody has given your account a role on any registry. An administrator can do so in the configuration file.
    </Empty>
  )
}
