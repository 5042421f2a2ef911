using System.Buffers.Binary;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.Engine;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// The two WASI functions that the engine's own would serve worse: its <c>poll_oneoff</c> sleeps through deadlines and cancellations. Ours
/// knows clocks only; the clocks are ours too, so that both agree.
/// </summary>
internal sealed class WasiFunctions(TimeProvider time)
{
    private const int Success = 0;
    private const int Fault = 21;
    private const int Invalid = 28;
    private const int NotSupported = 58;
    private const int Realtime = 0;
    private const int Monotonic = 1;
    private const int SubscriptionSize = 48;
    private const int EventSize = 32;
    private const int MaxSubscriptions = 4096;

    private readonly long _origin = time.GetTimestamp();

    /// <summary>Replaces the engine's functions.</summary>
    public void Define(Linker imports)
    {
        imports.DefineFunction(GuestAbi.WasiModule, "clock_time_get", (CallerFunc<int, long, int, int>)ClockTimeGet);
        imports.DefineFunction(GuestAbi.WasiModule, "poll_oneoff", (CallerFunc<int, int, int, int, int>)PollOneOff);
    }

    private int ClockTimeGet(Caller caller, int clock, long precision, int result)
    {
        if (clock is not (Realtime or Monotonic))
        {
            return Invalid;
        }

        if (!HostCalls.Of(caller).Exports.Memory.TryGet((uint)result, sizeof(long), out var view))
        {
            return Fault;
        }

        BinaryPrimitives.WriteInt64LittleEndian(view, Now(clock));
        return Success;
    }

    private int PollOneOff(Caller caller, int input, int output, int count, int stored)
    {
        if (count is <= 0 or > MaxSubscriptions)
        {
            return Invalid;
        }

        var instance = HostCalls.Of(caller);
        var memory = instance.Exports.Memory;
        if (!memory.TryGet((uint)input, (uint)count * SubscriptionSize, out var view)
            || !memory.TryGet((uint)output, (uint)count * EventSize, out _)
            || !memory.TryGet((uint)stored, sizeof(int), out _))
        {
            return Fault;
        }

        var subscriptions = view.ToArray();
        var earliest = FindEarliest(subscriptions, out var waitsForClock);
        if (waitsForClock && earliest > 0)
        {
            instance.Interruption.Wait(ToSpan(earliest));
        }

        var events = WriteEvents(subscriptions, waitsForClock ? earliest : -1, out var number);
        memory.TryWrite((uint)output, events.AsSpan(0, number * EventSize), default);
        memory.TryGet((uint)stored, sizeof(int), out var place);
        BinaryPrimitives.WriteInt32LittleEndian(place, number);
        return Success;
    }

    // Nanoseconds until the first clock fires. Nobody waits when something other than a clock is asked for: that is answered at once.
    private long FindEarliest(ReadOnlySpan<byte> subscriptions, out bool waitsForClock)
    {
        var earliest = long.MaxValue;
        waitsForClock = true;
        for (; !subscriptions.IsEmpty; subscriptions = subscriptions[SubscriptionSize..])
        {
            waitsForClock &= IsClock(subscriptions);
            earliest = Math.Min(earliest, IsClock(subscriptions) ? TimeUntil(subscriptions) : long.MaxValue);
        }

        return earliest;
    }

    private byte[] WriteEvents(ReadOnlySpan<byte> subscriptions, long waited, out int number)
    {
        var events = new byte[subscriptions.Length / SubscriptionSize * EventSize];
        number = 0;
        for (; !subscriptions.IsEmpty; subscriptions = subscriptions[SubscriptionSize..])
        {
            var isClock = IsClock(subscriptions);
            if (isClock && IsRelative(subscriptions) && Timeout(subscriptions) > (ulong)Math.Max(waited, 0))
            {
                continue;
            }

            if (isClock && !IsRelative(subscriptions) && TimeUntil(subscriptions) > 0)
            {
                continue;
            }

            var target = events.AsSpan(number * EventSize, EventSize);
            subscriptions[..sizeof(ulong)].CopyTo(target);
            BinaryPrimitives.WriteUInt16LittleEndian(target[8..], (ushort)(isClock ? Success : NotSupported));
            target[10] = subscriptions[8];
            number++;
        }

        return events;
    }

    private long TimeUntil(ReadOnlySpan<byte> subscription)
    {
        var timeout = (long)Math.Min(Timeout(subscription), long.MaxValue);
        return IsRelative(subscription) ? timeout : Math.Max(0, timeout - Now(BinaryPrimitives.ReadInt32LittleEndian(subscription[16..])));
    }

    // Rounds up without the sum that would overflow: a guest that waits for ever asks for the largest number there is.
    private static TimeSpan ToSpan(long nanoseconds) =>
        TimeSpan.FromTicks((nanoseconds / TimeSpan.NanosecondsPerTick) + (nanoseconds % TimeSpan.NanosecondsPerTick == 0 ? 0 : 1));

    private static bool IsClock(ReadOnlySpan<byte> subscription) =>
        subscription[8] == 0 && BinaryPrimitives.ReadInt32LittleEndian(subscription[16..]) is Realtime or Monotonic;

    private static bool IsRelative(ReadOnlySpan<byte> subscription) => (subscription[40] & 1) == 0;

    private static ulong Timeout(ReadOnlySpan<byte> subscription) => BinaryPrimitives.ReadUInt64LittleEndian(subscription[24..]);

    private long Now(int clock)
    {
        var since = clock == Realtime ? time.GetUtcNow() - DateTimeOffset.UnixEpoch : time.GetElapsedTime(_origin);
        return since.Ticks * TimeSpan.NanosecondsPerTick;
    }
}
