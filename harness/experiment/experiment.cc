#include "harness/experiment/experiment.h"

#include <algorithm>
#include <cmath>

#include "harness/experiment/ebh.h"

namespace goleakstress::experiment {
namespace {

constexpr int kControls = 4;           // batches without calls that the checks need at least
constexpr double kRepeatedCounts = 3;  // log10 e by which repeated calls are shown to count
constexpr double kKeyShare = 0.25;  // a repeated call adds less than this share of what a fresh one does: key
constexpr double kPromising = 1;    // log e of a site that may still get there

}  // namespace

Experiment::Experiment(const Plan& plan, uint64_t seed) : plan_(plan), design_(plan), random_(seed) {}

Dose Experiment::WarmUp() const {
  return plan_.inputs ? Dose{plan_.warm_up - plan_.warm_up / 2, plan_.warm_up / 2, 0}
                      : Dose{plan_.warm_up, 0, 0};
}

SiteId Experiment::AddSite(const SiteTraits& traits, double level_before) {
  Site& site = sites_.emplace_back();
  site.traits = traits;
  site.levels.assign(rows_.size(), level_before);
  for (size_t k = 0; k < kExperts.size(); ++k) {
    site.growth[k] = growth_bank_.experts()[k].Prior(traits.resolution);
    if (clean_bank_) site.clean[k] = clean_bank_->experts()[k].Prior(traits.resolution);
  }
  return static_cast<SiteId>(sites_.size()) - 1;
}

void Experiment::FirstReading(const std::vector<double>& levels) {
  const Dose warm = WarmUp();
  made_ = {warm.repeated, warm.fresh, 0};
  rows_.push_back(made_);
  snapshots_ = 1;
  stage_ = Stage::kScreen;
  for (size_t i = 0; i < sites_.size(); ++i) sites_[i].levels.push_back(i < levels.size() ? levels[i] : 0);
}

Dose Experiment::Next() {
  if (stage_ == Stage::kControl) {
    batch_.reset();
    return {0, 0, 0};
  }
  const int64_t calls = made_.calls();
  if (stage_ == Stage::kScreen && calls >= plan_.confirm_from) {
    stage_ = Stage::kConfirm;
    confirm_row_ = rows_.size() - 1;
    for (Site& site : sites_) {
      site.log_e_screen = site.wealth.LogE(Factor::kCall);
      site.wealth = Wealth();
    }
  }
  if (!clean_bank_ && calls >= plan_.clean_from) {
    clean_bank_.emplace();
    clean_row_ = rows_.size() - 1;
    for (size_t k = 0; k < kExperts.size(); ++k) {
      ramp_[k] = Predictor();
      for (Site& site : sites_) site.clean[k] = clean_bank_->experts()[k].Prior(site.traits.resolution);
    }
  }
  batch_ =
      design_.Draw(made_, stage_ == Stage::kScreen ? plan_.spread_screen : plan_.spread_confirm, random_);
  growth_bank_.Prepare(*batch_);
  if (clean_bank_) clean_bank_->Prepare(*batch_);
  const Batch::Calls drawn = batch_->options[batch_->cell];
  return {static_cast<int64_t>(drawn.repeated), static_cast<int64_t>(drawn.fresh),
          static_cast<int>(batch_->idle)};
}

void Experiment::BetGrowth(Site& site, double level, double previous) {
  for (size_t k = 0; k < kExperts.size(); ++k) {
    const Expert& expert = growth_bank_.experts()[k];
    const double target = expert.Scaled(level - site.levels.front(), level - previous);
    Bet(design_, *batch_, expert, k, site.growth[k], target, plan_.stake_floor, site.wealth);
    expert.Update(site.growth[k], expert.Error(site.growth[k], target));
  }
}

void Experiment::BetClean(Site& site, double level, double previous) {
  const double rate = plan_.clean_rate * site.traits.resolution;
  const double calls = design_.CallsOf(*batch_);
  const double since = static_cast<double>(batch_->before.calls() - rows_[clean_row_].calls());
  for (size_t k = 0; k < kExperts.size(); ++k) {
    const Expert& expert = clean_bank_->experts()[k];
    const double target = expert.Scaled(level - site.levels[clean_row_], level - previous);
    const double ramp = expert.Scaled(since + calls, calls);
    // Regression is linear: the predictor of rate * ramp - level follows from those of ramp and level.
    Predictor p;
    for (size_t i = 0; i < 4; ++i) p.slope[i] = rate * ramp_[k].slope[i] - site.clean[k].slope[i];
    const double squares =
        rate * rate * ramp_[k].squares + site.clean[k].squares - 2 * rate * site.clean_products[k];
    p.squares = std::max(squares, 1e-12 * site.clean[k].squares);
    Bet(design_, *batch_, expert, k, p, rate * ramp - target, plan_.stake_floor, site.clean_wealth);

    const double error = expert.Error(site.clean[k], target), ramp_error = expert.Error(ramp_[k], ramp);
    site.clean_products[k] = expert.UpdatedProduct(site.clean_products[k], error, ramp_error);
    expert.Update(site.clean[k], error);
  }
}

void Experiment::Observe(const std::vector<double>& levels, double seconds) {
  for (size_t i = 0; i < sites_.size(); ++i) {
    Site& site = sites_[i];
    const double previous = site.levels.back();
    double level = i < levels.size() ? levels[i] : 0;
    if (!std::isfinite(level)) level = previous;
    site.moved = site.moved || level != previous;
    // A site that never moved expects no growth and bets nothing, but a rate is refuted by standing still.
    if (batch_ && site.moved) BetGrowth(site, level, previous);
    if (batch_ && clean_bank_ && site.moved) BetClean(site, level, previous);
    site.levels.push_back(level);
  }
  if (batch_) {
    made_.repeated += static_cast<int64_t>(batch_->options[batch_->cell].repeated);
    made_.fresh += static_cast<int64_t>(batch_->options[batch_->cell].fresh);
    if (clean_bank_) {
      const double calls = design_.CallsOf(*batch_);
      const double since = static_cast<double>(batch_->before.calls() - rows_[clean_row_].calls());
      for (size_t k = 0; k < kExperts.size(); ++k) {
        const Expert& expert = clean_bank_->experts()[k];
        expert.Update(ramp_[k], expert.Error(ramp_[k], expert.Scaled(since + calls, calls)));
      }
      clean_bank_->Learn();
    }
    growth_bank_.Learn();
  }
  made_.seconds += seconds;
  rows_.push_back(made_);
  ++snapshots_;
  batch_.reset();
  AfterBatch();
}

void Experiment::ObserveLost(double seconds) {
  if (batch_) {
    made_.repeated += static_cast<int64_t>(batch_->options[batch_->cell].repeated);
    made_.fresh += static_cast<int64_t>(batch_->options[batch_->cell].fresh);
    growth_bank_.Skip();
    if (clean_bank_) clean_bank_->Skip();
    for (Site& site : sites_) {
      site.wealth.Forfeit(std::log(plan_.stake_floor));
      site.clean_wealth.Forfeit(std::log(plan_.stake_floor));
    }
  }
  made_.seconds += seconds;
  batch_.reset();
  AfterBatch();
}

void Experiment::NoteExhausted(int64_t calls) {
  exhausted_after_ = calls;
  stop_ = Stop::kExhausted;
  stage_ = Stage::kHold;
}

void Experiment::NoteCut() {
  if (stop_ != Stop::kNone) return;
  stop_ = Stop::kCut;
  stage_ = Stage::kHold;
}

double Experiment::LeakLine() const {
  return std::log(std::max(plan_.smallest_family, static_cast<double>(sites_.size())) / plan_.family_error);
}

bool Experiment::CountsAllCalls(const Site& site) const {
  return !plan_.inputs || site.wealth.LogE(Factor::kRepeated) >= kRepeatedCounts * std::log(10.0);
}

double Experiment::Axis(const Site& site) const {
  return static_cast<double>(CountsAllCalls(site) ? made_.calls() : made_.fresh);
}

Driver Experiment::DriverOf(const Site& site) const {
  const auto& slope = site.growth[0].slope;
  return plan_.inputs && slope[1] < kKeyShare * slope[2] ? Driver::kKey : Driver::kCall;
}

void Experiment::AfterBatch() {
  if (first_alarm_calls_ == 0) {
    for (const Site& site : sites_) {
      if (!site.moved ||
          std::max(site.wealth.LogE(Factor::kCall), site.wealth.LogE(Factor::kTime)) < LeakLine())
        continue;
      first_alarm_calls_ = made_.calls();
      first_alarm_snapshots_ = snapshots_;
      break;
    }
  }
  if (stage_ == Stage::kConfirm) {
    if (made_.calls() >= plan_.horizon && Settled()) {
      stop_ = Stop::kSettled;
    } else if (made_.calls() >= plan_.limit) {
      stop_ = Stop::kLimit;
    }
    if (stop_ != Stop::kNone) stage_ = Stage::kHold;
  }
}

bool Experiment::Pending(const Site& site) const {
  if (!site.moved) return false;
  const double call = site.wealth.LogE(Factor::kCall), time = site.wealth.LogE(Factor::kTime);
  if (call >= LeakLine()) return Axis(site) < static_cast<double>(plan_.horizon);
  if (time >= LeakLine()) return false;
  if (site.clean_wealth.LogE(Factor::kCall) >= -std::log(plan_.clean_error)) return false;
  const bool moved_since =
      std::any_of(site.levels.begin() + static_cast<std::ptrdiff_t>(confirm_row_), site.levels.end(),
                  [&](double level) { return level != site.levels.back(); });
  return moved_since;
}

bool Experiment::Settled() const {
  return std::none_of(sites_.begin(), sites_.end(), [&](const Site& site) { return Pending(site); });
}

bool Experiment::Candidate(const Site& site) const {
  return site.moved &&
         std::max(site.wealth.LogE(Factor::kCall), site.wealth.LogE(Factor::kTime)) >=
             std::log(plan_.smallest_family / plan_.discovery_error / static_cast<double>(sites_.size()));
}

bool Experiment::NeedsHold() const {
  return stage_ == Stage::kHold && hold_seconds_.size() < plan_.holds.size() &&
         std::any_of(sites_.begin(), sites_.end(), [&](const Site& site) { return Candidate(site); });
}

double Experiment::HoldSeconds() const { return plan_.holds[hold_seconds_.size()]; }

void Experiment::ObserveHold(double seconds, const std::vector<double>& levels) {
  hold_seconds_.push_back(seconds);
  ++snapshots_;
  for (size_t i = 0; i < sites_.size(); ++i) {
    const double level = i < levels.size() ? levels[i] : 0;
    sites_[i].held.push_back(std::isfinite(level) ? level : sites_[i].levels.back());
  }
}

std::vector<bool> Experiment::SoftlyRejected() const {
  std::vector<double> log_e;
  for (const Site& site : sites_) log_e.push_back(site.moved ? site.wealth.LogE(Factor::kCall) : 0);
  return EBenjaminiHochberg(log_e, std::max(plan_.smallest_family, static_cast<double>(sites_.size())),
                            plan_.discovery_error);
}

double Experiment::LogE(SiteId site, Factor factor) const {
  return sites_[static_cast<size_t>(site)].wealth.LogE(factor);
}

std::vector<SiteVerdict> Experiment::Judge() const {
  const std::vector<bool> softly = SoftlyRejected();
  std::vector<SiteVerdict> verdicts;
  for (size_t i = 0; i < sites_.size(); ++i) {
    const Site& site = sites_[i];
    SiteEvidence e;
    e.driver = DriverOf(site);
    const bool all = CountsAllCalls(site);
    for (size_t r = confirm_row_; r < rows_.size(); ++r) {
      e.readings.push_back({static_cast<double>(all ? rows_[r].calls() : rows_[r].fresh),
                            static_cast<double>(rows_[r].calls()), rows_[r].seconds, site.levels[r]});
    }
    e.first_level = site.levels.empty() ? 0 : site.levels.front();
    e.resolution = site.traits.resolution;
    e.log_e_call = site.wealth.LogE(Factor::kCall);
    e.log_e_repeated = site.wealth.LogE(Factor::kRepeated);
    e.log_e_fresh = site.wealth.LogE(Factor::kFresh);
    e.log_e_time = site.wealth.LogE(Factor::kTime);
    e.log_e_screen = site.log_e_screen;
    e.leak_line = LeakLine();
    e.softly = softly[i];
    const bool refuted = !site.moved ? made_.calls() >= plan_.confirm_from
                                     : site.clean_wealth.LogE(Factor::kCall) >= -std::log(plan_.clean_error);
    e.refuted_rate = refuted ? plan_.clean_rate * site.traits.resolution : 0;
    e.material_rate = site.traits.material_rate;
    e.before_jump = site.traits.before_jump;
    e.exhausted = stop_ == Stop::kExhausted;
    for (size_t h = 0; h < site.held.size(); ++h) e.held.push_back({hold_seconds_[h], site.held[h]});
    SiteVerdict v = experiment::Judge(e, plan_);
    v.site = static_cast<int>(i);
    v.calls = made_.calls();
    v.snapshots = snapshots_;
    verdicts.push_back(std::move(v));
  }
  return verdicts;
}

EntryVerdict Experiment::Summary(const std::vector<SiteVerdict>& verdicts) const {
  EntryVerdict entry;
  entry.stop = stop_;
  entry.calls = made_.calls();
  entry.snapshots = snapshots_;
  entry.horizon = plan_.horizon;
  entry.hold_seconds = hold_seconds_.empty() ? 0 : hold_seconds_.back();
  entry.sites = static_cast<int>(sites_.size());
  for (const Site& site : sites_) entry.moved_sites += site.moved;
  for (const SiteVerdict& v : verdicts) {
    entry.verdict = std::min(entry.verdict, v.verdict);
    entry.refuted_rate = std::max(entry.refuted_rate, v.refuted_rate);
  }
  return entry;
}

}  // namespace goleakstress::experiment
