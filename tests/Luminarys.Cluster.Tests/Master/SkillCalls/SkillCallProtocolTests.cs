using Luminarys.Cluster.Master.SkillCalls;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave.SkillCalls;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Master.SkillCalls;

/// <summary>Both sides of calls between skills under a bus that loses, repeats and reorders, with nodes that come and go: a seed gives the same run again.</summary>
public sealed class SkillCallProtocolTests
{
    [Fact]
    public void C2_C3_EveryCallEndsOnce_BeginsAtMostOnce_AndNeverWhenItWasRefused()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var fault = new Run(seed, ClusterDefences.All).Fault();
            Assert.True(fault is null, $"seed {seed}: {fault}");
        }
    }

    [Fact]
    public void NumbersThatMayBeSpentTwice_AreNoticed() =>
        Assert.Contains(Enumerable.Range(0, 3000), seed => new Run(seed, ClusterDefences.All with { SkillCallNumbers = false }).Fault() is not null);

    [Fact]
    public void CallsThatMayBeginAfterTheyWereNeverSeen_AreNoticed() =>
        Assert.Contains(Enumerable.Range(0, 3000), seed => new Run(seed, ClusterDefences.All with { QueryTombstones = false }).Fault() is not null);

    private sealed class Run(int seed, ClusterDefences defences)
    {
        private static readonly NodeId s_node = new("a");
        private readonly Random _random = new(seed);
        private readonly FakeTimeProvider _clock = new();
        private readonly SkillCallTable _table = new();
        private readonly Dictionary<InstanceId, SkillCallAdmission> _masters = [];
        private readonly List<(Sender Sender, InstanceId To, CallId Id, CallMessage? Call, ulong Cancel, (ulong Number, ulong Incarnation) Query)> _up = [];
        private readonly List<(InstanceId From, CallId Id, CallFrame Frame)> _down = [];
        private readonly List<(InstanceId Master, CallId Id, ulong Number)> _running = [];
        private readonly Dictionary<CallId, int> _begun = [];
        private readonly Dictionary<CallId, (InvocationError Error, bool IsRefusal)> _ended = [];
        private readonly List<PendingSkillCall> _calls = [];
        private Sender _self = new(s_node, 1, Samples.Instance(100), 1);
        private InstanceId _master = Samples.Instance(1);
        private bool _isRegistered = true;
        private TimeSpan _now;
        private int _lastId;
        private string? _fault;

        public string? Fault()
        {
            for (var step = 0; step < 150 && _fault is null; step++)
            {
                Step();
            }

            // Faults stop; whatever is open ends by itself.
            for (var i = 0; i < 40 && _fault is null; i++)
            {
                Pass(1);
            }

            return _fault ?? (_table.Count > 0 ? "a call has no answer" : null);
        }

        private void Step()
        {
            switch (_random.Next(20))
            {
                case < 4: Begin(); break;
                case < 10: Deliver(_up, TakeUp); break;
                case < 14: Deliver(_down, TakeDown); break;
                case < 16 when _running.Count > 0: EndOne(); break;
                case 16 when _calls.Count > 0: Note(_table.Cancel(_calls[_random.Next(_calls.Count)].Id)); break;
                case 17: Pass(_random.Next(4)); break;
                case 18: Rejoin(); break;
                case 19 when _random.Next(8) == 0: ReplaceMaster(); break;
            }
        }

        private void Begin()
        {
            var id = new CallId(new Guid(++_lastId, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
            if (_table.Begin(id, _master, _random.Next(2) == 0 ? _now + TimeSpan.FromSeconds(5) : null, out _) is not { } call)
            {
                return;
            }

            call.Incarnation = _self.Incarnation;
            _calls.Add(call);
            var caller = _random.Next(6) == 0 ? "other" : "owned";
            _up.Add((_self, _master, id, new()
            {
                Number = call.Number, Done = _table.SettledBefore(call).Done, Open = _table.SettledBefore(call).Open, Skill = new("far"), Method = "echo", Caller = new(CallerKind.Skill, new(caller)), Depth = 1,
            }, 0, default));
            Note(_table.Sent(id, InvocationError.None, _now));
        }

        // Any message that is on its way: it stays there now and then, and comes again.
        private void Deliver<T>(List<T> way, Action<T> take)
        {
            if (way.Count == 0)
            {
                return;
            }

            var at = _random.Next(way.Count);
            var message = way[at];
            if (_random.Next(4) != 0)
            {
                way.RemoveAt(at);
            }

            if (_random.Next(10) != 0)
            {
                take(message);
            }
        }

        private void TakeUp((Sender Sender, InstanceId To, CallId Id, CallMessage? Call, ulong Cancel, (ulong Number, ulong Incarnation) Query) message)
        {
            if (message.To != _master)
            {
                // That master is dead, or was never meant by what reached this one.
                return;
            }

            var admission = Admission();
            if (message.Query.Number > 0)
            {
                if (admission.Tell(
                    message.Sender, Registry(), (message.Id, message.Query.Number), message.Query.Incarnation, _running.Contains((_master, message.Id, message.Query.Number))) is { } told)
                {
                    _down.Add((_master, message.Id, told));
                }

                return;
            }

            if (message.Call is not { } call)
            {
                admission.TryBury(message.Sender, Registry(), message.Cancel);
                return;
            }

            var verdict = admission.Enter(message.Sender, Registry(), message.Id, call, 1);
            if (verdict.DropReason is not null)
            {
                return;
            }

            if (verdict.Error != InvocationError.None)
            {
                Last(message.Id, new(CallFrameKind.Reject, call.Number) { Code = verdict.Error });
                return;
            }

            var times = _begun[message.Id] = _begun.GetValueOrDefault(message.Id) + 1;
            Check(times == 1, "a call began twice");
            Check(!(_ended.TryGetValue(message.Id, out var end) && end.IsRefusal), "a call began that was refused");
            _running.Add((_master, message.Id, call.Number));
        }

        private void TakeDown((InstanceId From, CallId Id, CallFrame Frame) message)
        {
            var end = _table.Frame(message.From, message.Id, message.Frame, _now, out _);
            Note(end, message.Frame.Kind == CallFrameKind.Reject);
            Check(end is null || message.Frame.Kind != CallFrameKind.Reject || !_begun.ContainsKey(message.Id), "a call was refused that had begun");
        }

        private void EndOne()
        {
            var at = _random.Next(_running.Count);
            var (master, id, number) = _running[at];
            _running.RemoveAt(at);
            if (master == _master)
            {
                Last(id, new(CallFrameKind.Result, number));
                Admission().End(s_node, id, id);
            }
        }

        private void Last(CallId id, CallFrame frame)
        {
            Admission().Keep(_self, id, frame);
            _down.Add((_master, id, frame));
        }

        private void Pass(int seconds)
        {
            _now += TimeSpan.FromSeconds(seconds);
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            foreach (var call in _table.TakeQuestions(_now))
            {
                _up.Add((_self, call.Master, call.Id, null, 0, (call.Number, call.Incarnation)));
            }

            foreach (var end in _table.Advance(_master, _now))
            {
                Note(end);
            }
        }

        // The node falls silent, is removed, and comes back as the same process.
        private void Rejoin()
        {
            _isRegistered = !_isRegistered;
            if (_isRegistered)
            {
                _self = _self with { Incarnation = _self.Incarnation + 1 };
            }

            Admission().Forget(Registry());
        }

        private void ReplaceMaster()
        {
            _master = Samples.Instance(_masters.Count + 2);
            _running.Clear();
        }

        private void Note(SkillCallEnd? end, bool isRefusal = false)
        {
            if (end is not { } ended)
            {
                return;
            }

            Check(_ended.TryAdd(ended.Call.Id, (ended.Result.Error, isRefusal)), "a call ended twice");
            Check(!ended.Result.IsSuccess || _begun.ContainsKey(ended.Call.Id), "a call has a result that never began");
            if (ended.SendsCancel)
            {
                _up.Add((_self, ended.Call.Master, ended.Call.Id, null, ended.Call.Number, default));
            }
        }

        private void Check(bool holds, string fault) => _fault ??= holds ? null : fault;

        private SkillCallAdmission Admission() =>
            _masters.TryGetValue(_master, out var admission) ? admission : _masters[_master] = new(new(_clock), defences);

        private RegistryCopy Registry() => RegistryCopy.Of(
            new(1, 1),
            _isRegistered ? [new(s_node, NodeRole.Slave, false, _self.Incarnation, _self.Instance, default, [new(new("owned"), Samples.One, true)])] : []);
    }
}
