using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// Where one thread sleeps until another wakes it. A permit that comes while the thread is awake lets its next sleep end at once; permits do not
/// add up. One thread parks; any thread may wake it.
/// </summary>
/// <remarks>
/// On Linux it is a futex (futex(2)). The runtime's own waits signal a condition variable under a mutex: a thread that wakes up before its waker
/// has left the mutex sleeps a second time, which was seen for four of ten calls at best and for each at worst.
/// </remarks>
internal sealed unsafe partial class ThreadParker
{
    private const int WaitPrivate = 128;
    private const int WakePrivate = 129;

    private static readonly nint s_futex = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => 0,
    };

    // Pinned for its address; of a cache line's size, so that a wake does not disturb what lies beside it.
    private readonly int[] _permit = GC.AllocateArray<int>(16, pinned: true);
    private readonly nint _futex;

    /// <summary>Makes one without a permit.</summary>
    /// <param name="portable">Whether to do without a futex, as is done where there is none.</param>
    public ThreadParker(bool portable = false) => _futex = portable ? 0 : s_futex;

    /// <summary>Sleeps until there is a permit, and takes it.</summary>
    public void Park()
    {
        if (_futex == 0)
        {
            ParkInMonitor();
            return;
        }

        while (Interlocked.Exchange(ref _permit[0], 0) == 0)
        {
            _ = Futex(_futex, Address, WaitPrivate, 0, 0, 0, 0);
        }
    }

    /// <summary>Gives a permit and wakes the thread.</summary>
    public void Unpark()
    {
        if (_futex == 0)
        {
            lock (_permit)
            {
                _permit[0] = 1;
                Monitor.Pulse(_permit);
            }

            return;
        }

        Volatile.Write(ref _permit[0], 1);
        _ = Futex(_futex, Address, WakePrivate, 1, 0, 0, 0);
    }

    private int* Address => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_permit));

    private void ParkInMonitor()
    {
        lock (_permit)
        {
            while (_permit[0] == 0)
            {
                Monitor.Wait(_permit);
            }

            _permit[0] = 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Futex(nint number, int* address, nint operation, nint value, nint timeout, nint second, nint third);
}
