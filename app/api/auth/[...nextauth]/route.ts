export { handleAuth as GET, handleAuth as POST } from '@/lib/access/auth-handler'
