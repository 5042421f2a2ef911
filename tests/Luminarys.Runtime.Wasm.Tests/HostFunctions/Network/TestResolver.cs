using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Luminarys.Runtime.Wasm.HostFunctions.Network;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

/// <summary>Names of a test: each lookup takes the next answer, the last one stays.</summary>
internal sealed class TestResolver(params (string Name, string[] Answers)[] names) : INameResolver
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _names =
        new(names.Select(name => new KeyValuePair<string, ConcurrentQueue<string>>(name.Name, new(name.Answers))));

    public ConcurrentQueue<string> Asked { get; } = new();

    public ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        Asked.Enqueue(name);
        if (!_names.TryGetValue(name, out var answers) || !answers.TryPeek(out var answer))
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        if (answers.Count > 1)
        {
            answers.TryDequeue(out _);
        }

        return new([.. answer.Split(',').Select(IPAddress.Parse)]);
    }
}
