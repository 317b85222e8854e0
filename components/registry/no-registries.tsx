import { Database } from 'lucide-react'
import { Empty } from '@/components/ui/empty'

export function NoRegistries() {
  return (
    <Empty icon={Database} title="You don’t have access to any registries">
      Ask an administrator to give your account a role in the configuration file.
    </Empty>
  )
}
