namespace Luminarys.Invocations;

/// <summary>
/// Moment on a <see cref="TimeProvider"/>'s monotonic clock. It means nothing on another host: between nodes travels the remaining time.
/// </summary>
/// <param name="Timestamp">Value in the unit of <see cref="TimeProvider.GetTimestamp"/>.</param>
public readonly record struct Deadline(long Timestamp)
{
    /// <summary>A deadline that never comes.</summary>
    public static Deadline Never { get; } = new(long.MaxValue);

    /// <summary>The moment <paramref name="duration"/> from now; <see cref="Never"/> when the clock cannot express it.</summary>
    public static Deadline After(TimeSpan duration, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var end = time.GetTimestamp() + ((Int128)duration.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);
        return new((long)Int128.Clamp(end, long.MinValue, long.MaxValue));
    }

    /// <summary>Time left; zero when it has passed, <see cref="TimeSpan.MaxValue"/> for <see cref="Never"/>.</summary>
    public TimeSpan Remaining(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (Timestamp == long.MaxValue)
        {
            return TimeSpan.MaxValue;
        }

        var now = time.GetTimestamp();
        return now >= Timestamp ? TimeSpan.Zero : time.GetElapsedTime(now, Timestamp);
    }

    /// <summary>Whether the moment has passed.</summary>
    public bool HasPassed(TimeProvider time) => Remaining(time) == TimeSpan.Zero;

    /// <summary>The earlier of two deadlines.</summary>
    public static Deadline Earlier(Deadline left, Deadline right) => left.Timestamp <= right.Timestamp ? left : right;
}
