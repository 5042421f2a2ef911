using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>The open connections of one skill, in a limited number. Thread-safe.</summary>
internal sealed class ConnectionTable<T>(int limit)
    where T : class, IConnection
{
    private readonly ConcurrentDictionary<string, T> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<T, byte> _running = new();
    private int _taken;

    /// <summary>Connections that hold a place.</summary>
    public int Count => Volatile.Read(ref _taken);

    /// <summary>For the guest, when no place is left.</summary>
    public string FullText => $"too many connections: {limit} are allowed";

    /// <summary>An id that nobody can guess.</summary>
    public static string CreateId(char kind) => $"{kind}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _taken) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives back a place that no connection took.</summary>
    public void Release() => Interlocked.Decrement(ref _taken);

    /// <summary>Puts a connection into a place that was reserved.</summary>
    public void Add(T connection)
    {
        _running[connection] = 0;
        _open[connection.Id] = connection;
    }

    /// <summary>Finds an open connection.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out T? connection) => _open.TryGetValue(id, out connection);

    /// <summary>Takes a connection out, so that nobody finds it any more, and gives its place back. Does nothing the second time.</summary>
    public void Remove(T connection)
    {
        if (_open.TryRemove(new KeyValuePair<string, T>(connection.Id, connection)))
        {
            Release();
        }
    }

    /// <summary>Forgets a connection of which nothing runs any more.</summary>
    public void Forget(T connection) => _running.TryRemove(connection, out _);

    /// <summary>Ends all connections without an event.</summary>
    public void AbortAll()
    {
        foreach (var connection in _running.Keys)
        {
            Remove(connection);
            connection.Abort();
        }
    }

    /// <summary>Ends all connections and waits until nothing of them runs.</summary>
    public async ValueTask StopAsync()
    {
        AbortAll();
        await Task.WhenAll(_running.Keys.Select(connection => connection.Completion)).ConfigureAwait(false);
    }
}
