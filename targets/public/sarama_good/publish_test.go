// oracle: clean entries=TestPublish
//
// github.com/Shopify/sarama v1.33.0: a producer's meters stay in the registry when it is closed, and in the list of all meters
// that go-metrics updates. https://github.com/IBM/sarama/pull/2340, v1.37.2
package publish

import (
	"sync"
	"testing"

	"github.com/Shopify/sarama"
)

// Publish sends one message with a producer of its own.
func Publish(broker, topic, message string) error {
	config := sarama.NewConfig()
	config.Producer.Return.Successes = true
	producer, err := sarama.NewSyncProducer([]string{broker}, config)
	if err != nil {
		return err
	}
	_, _, err = producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Value: sarama.StringEncoder(message)})
	if err != nil {
		producer.Close()
		return err
	}
	return producer.Close()
}

type reporter struct{}

func (reporter) Error(args ...any)            { panic(args) }
func (reporter) Errorf(f string, args ...any) { panic(f) }
func (reporter) Fatal(args ...any)            { panic(args) }
func (reporter) Fatalf(f string, args ...any) { panic(f) }

var broker = sync.OnceValue(func() string {
	broker := sarama.NewMockBroker(reporter{}, 1)
	broker.SetHandlerByMap(map[string]sarama.MockResponse{
		"ApiVersionsRequest": sarama.NewMockApiVersionsResponse(reporter{}),
		"MetadataRequest": sarama.NewMockMetadataResponse(reporter{}).
			SetBroker(broker.Addr(), broker.BrokerID()).SetLeader("news", 0, broker.BrokerID()),
		"ProduceRequest": sarama.NewMockProduceResponse(reporter{}).SetVersion(3),
	})
	return broker.Addr()
})

func TestPublish(t *testing.T) {
	if err := Publish(broker(), "news", "all is well"); err != nil {
		t.Fatal(err)
	}
}
