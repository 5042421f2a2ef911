using System.Globalization;
using System.Security.Cryptography;
using NATS.Client.Core;

namespace RelayThroughput;

/// <summary>
/// A file as NATS messages of 128 KiB, with the same hash and the same disk writes, not encrypted. The sink acknowledges every 2 MiB and the source keeps at
/// most 16 MiB ahead: more, and the server drops a slow subscriber.
/// </summary>
internal static class NatsEnds
{
    private const int Block = 128 * 1024;
    private const long Window = 16 * 1024 * 1024;
    private const long AcknowledgeEvery = 2 * 1024 * 1024;

    public static async Task SendAsync(Job job)
    {
        await using var connection = new NatsConnection(Options(job));
        await connection.ConnectAsync();
        await using var answers = await connection.SubscribeCoreAsync<string>($"bench.{job.Number}.ack");
        await connection.PingAsync();
        using var file = File.OpenHandle(job.Path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[Block];
        var taken = 0L;
        for (var offset = 0L; offset < job.Length;)
        {
            var count = RandomAccess.Read(file, block, offset);
            hash.AppendData(block, 0, count);
            offset += count;
            while (offset - taken > Window)
            {
                taken = await AnswerAsync(answers);
            }

            await connection.PublishAsync($"bench.{job.Number}.data", block.AsMemory(0, count));
        }

        await connection.PublishAsync($"bench.{job.Number}.data", hash.GetHashAndReset());
        while (taken <= job.Length)
        {
            taken = await AnswerAsync(answers);
        }
    }

    public static async Task TakeAsync(Job job, Action<int> listens)
    {
        await using var connection = new NatsConnection(Options(job));
        await connection.ConnectAsync();
        await using var parts = await connection.SubscribeCoreAsync<NatsMemoryOwner<byte>>($"bench.{job.Number}.data");
        await connection.PingAsync();
        listens(job.Port);
        using var target = new FloorFile(job);
        var acknowledged = 0L;
        await foreach (var part in parts.Msgs.ReadAllAsync())
        {
            using var owner = part.Data;
            if (target.Length == job.Length)
            {
                target.Commit(owner.Span);
                await connection.PublishAsync($"bench.{job.Number}.ack", Text(job.Length + 1));
                await connection.PingAsync();
                return;
            }

            target.Take(owner.Span);
            if (target.Length - acknowledged >= AcknowledgeEvery)
            {
                acknowledged = target.Length;
                await connection.PublishAsync($"bench.{job.Number}.ack", Text(acknowledged));
            }
        }
    }

    private static NatsOpts Options(Job job) => NatsOpts.Default with
    {
        Url = $"nats://127.0.0.1:{job.Port}",
        WriterBufferSize = 1024 * 1024,
        ReaderBufferSize = 1024 * 1024,
        SubPendingChannelCapacity = (int)(2 * Window / Block),
    };

    private static async Task<long> AnswerAsync(INatsSub<string> answers) => long.Parse((await answers.Msgs.ReadAsync()).Data!, CultureInfo.InvariantCulture);

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
