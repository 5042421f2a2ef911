using System.Globalization;
using Luminarys.Cluster.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Simulation.Transfers;

/// <summary>
/// One run: a file is copied again and again, under cuts, crashes of either end with and without what it had written, changes of the source, altered parts and
/// attempts that overlap, all of which follow from the seed. Checked after every step; when the faults stop, a copy must succeed.
/// </summary>
internal sealed class TransferSimulation
{
    private static readonly TimeSpan s_faults = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(150);

    private readonly List<string> _trace = [];
    private readonly HashSet<ContentHash> _versions = [];
    private SimulatedSource? _source;
    private SimulatedSink? _sink;
    private SimulatedTunnel? _tunnel;
    private byte[]? _seen;
    private bool _spoilsNext;
    private int _transfer = 1;
    private long _durable;
    private int _copied;
    private int _copiedBeforeRecovery;
    private int _attempts;

    private TransferSimulation(int seed, TransferDefences defences)
    {
        Scheduler = new(seed);
        Settings = new() { Window = 40, Defences = defences };
        var old = Scheduler.Chance(0.5) ? Bytes(20) : null;
        if (old is not null)
        {
            _versions.Add(SimulatedPart.HashOf(old));
        }

        (Part, _seen) = (new(Scheduler, old), old);
        Change();
    }

    public Scheduler Scheduler { get; }

    public AttemptSettings Settings { get; }

    /// <summary>The sink's disk.</summary>
    public SimulatedPart Part { get; }

    /// <summary>The source's file as it is now.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>Its fingerprint.</summary>
    public UInt128 Fingerprint { get; private set; }

    /// <summary>Runs one seed.</summary>
    public static SimulationResult Run(int seed, TransferDefences? defences = null)
    {
        var simulation = new TransferSimulation(seed, defences ?? TransferDefences.All);
        string? broken = null;
        try
        {
            simulation.Run();
        }
        catch (Violation violation)
        {
            broken = violation.Message;
            simulation.Trace("broken: " + broken);
        }

        return new(seed, broken, simulation._copied, simulation._attempts, simulation._trace);
    }

    /// <summary>The source goes on from there.</summary>
    public void NoteSending(SimulatedSource source, long offset) => _durable = source == _source ? offset : _durable;

    /// <summary>The sink's disk has so much. It counts also when the disk is gone since: the source cannot know.</summary>
    public void NoteFlushed(long offset) => _durable = offset;

    /// <summary>The source has sent so much.</summary>
    public void CheckSent(SimulatedSource source, long end) =>
        Violation.Require(source != _source || end - _durable <= Settings.Window, $"T-4: {end - _durable} bytes were ahead of the sink's disk");

    /// <summary>The sink said something.</summary>
    public void CheckSaid(TunnelMessage message)
    {
        if (message is TunnelMessage.Done done)
        {
            Violation.Require(Part.Committed.Contains(done.Hash), "T-3: the sink confirmed what has no name yet");
        }
    }

    /// <summary>A part as it goes into the tunnel; one bit is another when the source's memory failed after it was hashed.</summary>
    public byte[] Spoil(byte[] part)
    {
        if (_spoilsNext)
        {
            part[^1] ^= 1;
            _spoilsNext = false;
            Trace("a part was altered");
        }

        return part;
    }

    private void Run()
    {
        Begin();
        NextFault();
        Scheduler.RunUntil(s_faults, Check);
        Trace("the faults stop");
        (_spoilsNext, _copiedBeforeRecovery) = (false, _copied);
        Scheduler.RunUntil(s_faults + s_recovery, Check);
        Violation.Require(_copied > _copiedBeforeRecovery, "T-9: no copy succeeded when the faults had stopped");
    }

    private void Begin()
    {
        if (Part.CommittedOf(_transfer) is { } hash)
        {
            Succeed(hash);
        }
        else if (_sink is { HoldsPart: true })
        {
            // The part is locked: the newer attempt ends the older one and comes again.
            _sink.Cancel();
        }
        else
        {
            _attempts++;
            _tunnel = new(Scheduler);
            _tunnel.Source = _source = new(this, _tunnel, _transfer);
            _tunnel.Sink = _sink = new(this, _tunnel, _source);
            Trace($"attempt of transfer {_transfer}: {_source.Length} bytes, {Part.Durable} are there");
            _source.Start();
        }

        Watch(_source);
    }

    private void Watch(SimulatedSource? source) => Scheduler.After(Scheduler.Between(0.1, 2), () =>
    {
        if (source is { End: null })
        {
            Watch(source);
            return;
        }

        if (source == _source && source?.End is { Fault: TransferFault.None, Hash: { } hash })
        {
            Succeed(hash);
        }

        Begin();
    });

    private void Succeed(ContentHash hash)
    {
        Violation.Require(Part.Committed.Contains(hash), "T-3: the source believes in a file that is not there");
        Trace($"transfer {_transfer} succeeded");
        (_copied, _source) = (_copied + 1, null);
        _transfer++;
        if (Scheduler.Chance(0.7))
        {
            Change();
        }
    }

    private void NextFault() => Scheduler.After(Scheduler.Between(0.1, 4), () =>
    {
        if (Scheduler.Now < s_faults)
        {
            Inject(Scheduler.Random.Next(8));
            NextFault();
        }
    });

    private void Inject(int fault)
    {
        Trace($"fault {fault}");
        switch (fault)
        {
            case 0:
                _tunnel?.Close(isOrderly: false);
                break;
            case 1:
                _sink?.Crash();
                break;
            case 2:
                _sink?.Crash();
                Part.LosePower();
                break;
            case 3:
                _sink?.Crash();
                Part.LosePower();
                Part.Discard();
                break;
            case 4:
                // Whoever wanted the file asks anew, under another number.
                _source?.Crash();
                _transfer++;
                break;
            case 5:
                Change();
                break;
            case 6:
                _spoilsNext = true;
                break;
            case 7:
                // A second attempt while the first one lives: it finds the part locked.
                Overlap();
                break;
        }
    }

    private void Overlap()
    {
        if (_sink is { HoldsPart: true } && Scheduler.Chance(0.5))
        {
            _source?.Lose();
        }
    }

    // The same length more often than not: only then is what the sink has of any use.
    private void Change()
    {
        var length = Content.Length > 0 && Scheduler.Chance(0.7) ? Content.Length : Scheduler.Random.Next(300);
        var next = Bytes(length);
        if (Scheduler.Chance(0.5))
        {
            Content.AsSpan(0, Math.Min(length, Content.Length) / 2).CopyTo(next);
        }

        (Content, Fingerprint) = (next, Fingerprint + 1);
        _versions.Add(SimulatedPart.HashOf(next));
        Trace($"the source has {length} other bytes");
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Scheduler.Random.NextBytes(bytes);
        return bytes;
    }

    private void Check()
    {
        if (!ReferenceEquals(_seen, Part.Final))
        {
            _seen = Part.Final;
            Violation.Require(_seen is null || _versions.Contains(SimulatedPart.HashOf(_seen)), "T-1: the final name shows what the source never was");
        }
    }

    private void Trace(string text) => _trace.Add(Scheduler.Now.TotalSeconds.ToString("000.000 ", CultureInfo.InvariantCulture) + text);
}
