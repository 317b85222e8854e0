export { handleAuth as GET, handleAuth as POST } from '@/lib/access/sign-in/auth-handler'
