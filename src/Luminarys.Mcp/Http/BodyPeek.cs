using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Luminarys.Mcp.Http;

/// <summary>Looks at a request's body and leaves it for whoever reads it next. The server's own limit bounds what is held.</summary>
internal static class BodyPeek
{
    /// <summary>Waits for the whole body and answers what <paramref name="judge"/> says of it.</summary>
    public static async ValueTask<T> JudgeAsync<T>(HttpRequest request, Func<ReadOnlySequence<byte>, T> judge, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (read.IsCompleted)
            {
                var verdict = judge(read.Buffer);
                reader.AdvanceTo(read.Buffer.Start);
                return verdict;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
